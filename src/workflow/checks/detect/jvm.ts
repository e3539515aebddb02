import type { CheckCommand } from '../checks.ts';
import { check, fileIn, outermost, type Tree } from './tree.ts';

/** Maven, by the project's own wrapper when it has one. */
export function mavenChecks(tree: Tree): CheckCommand[] {
  return outermost(tree, (name) => name === 'pom.xml').flatMap((folder) => {
    const maven = tree.has(fileIn(folder, 'mvnw')) ? './mvnw' : 'mvn';
    return [
      check(folder, `${maven} test`, 'test', [maven, '-B', 'test']),
      check(folder, `${maven} compile`, 'build', [maven, '-B', 'test-compile']),
    ];
  });
}

/** Gradle, by the project's own wrapper when it has one; without a daemon, which would outlive the check. */
export function gradleChecks(tree: Tree): CheckCommand[] {
  return outermost(tree, (name) => /^(build|settings)\.gradle(\.kts)?$/.test(name)).flatMap((folder) => {
    const gradle = tree.has(fileIn(folder, 'gradlew')) ? './gradlew' : 'gradle';
    const options = ['--no-daemon', '--console=plain'];
    return [
      check(folder, `${gradle} test`, 'test', [gradle, ...options, 'test']),
      check(folder, `${gradle} classes`, 'build', [gradle, ...options, 'testClasses']),
    ];
  });
}
